"""Settings for a machine of one's own: loopback addresses and keys that protect nothing."""

WEB_PORT = 5000
SIMULATOR_PORT = 5050
SMTP_PORT, MAIL_PAGE_PORT = 5025, 5080
CLIENT_ID, CLIENT_SECRET = "development-client", "development-secret"
DEVELOPMENT_KEY = "ZGV2ZWxvcG1lbnQta2V5LWRldmVsb3BtZW50LWtleTA="


def redirect_uri(web_port: int) -> str:
    return f"http://localhost:{web_port}/integrations/quickbooks/callback"


def development_settings(
    database_url: str,
    redis_url: str,
    web_port: int = WEB_PORT,
    simulator_port: int = SIMULATOR_PORT,
    smtp_port: int | None = None,
) -> dict[str, str]:
    """The environment of every process; QuickBooks' addresses are the simulator's. No SMTP port: no mail leaves."""
    simulator = f"http://localhost:{simulator_port}"
    return {
        "FLASK_APP": "wsgi",
        "MALLOC_ARENA_MAX": "2",  # as in Procfile: threads share their memory
        "DATABASE_URL": database_url,
        "REDIS_URL": redis_url,
        "SECRET_KEY": "development",
        "TOKEN_ENCRYPTION_KEYS": DEVELOPMENT_KEY,
        "SECURE_COOKIES": "0",
        "STYLEGUIDE": "1",
        "OAUTHLIB_INSECURE_TRANSPORT": "1",  # the simulator speaks plain http on loopback
        "MAIL_URL": f"smtp://127.0.0.1:{smtp_port}" if smtp_port else "",
        "MAIL_FROM": "FSM Navigator <mail@fsm-navigator.example>",
        "PUBLIC_URL": f"http://localhost:{web_port}",
        "QUICKBOOKS_CLIENT_ID": CLIENT_ID,
        "QUICKBOOKS_CLIENT_SECRET": CLIENT_SECRET,
        "QUICKBOOKS_REDIRECT_URI": redirect_uri(web_port),
        "QUICKBOOKS_API_URL": simulator,
        "QUICKBOOKS_AUTHORIZE_URL": f"{simulator}/connect/oauth2",
        "QUICKBOOKS_TOKEN_URL": f"{simulator}/oauth2/v1/tokens/bearer",
        "QUICKBOOKS_REVOKE_URL": f"{simulator}/v2/oauth2/tokens/revoke",
    }
