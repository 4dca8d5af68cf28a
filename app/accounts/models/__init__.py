"""Companies, their people, and what signing in leaves behind."""

from app.accounts.models.company import PLANS_WITH_QUICKBOOKS, Company, Currency, Plan, Terms, text_enum
from app.accounts.models.invitation import Invitation
from app.accounts.models.logo import CompanyLogo
from app.accounts.models.sign_in import LinkPurpose, OneTimeLink, RecoveryCode, TryCount, UserSession
from app.accounts.models.user import Role, User

__all__ = [
    "PLANS_WITH_QUICKBOOKS",
    "Company",
    "CompanyLogo",
    "Currency",
    "Invitation",
    "LinkPurpose",
    "OneTimeLink",
    "Plan",
    "RecoveryCode",
    "Role",
    "Terms",
    "TryCount",
    "User",
    "UserSession",
    "text_enum",
]
