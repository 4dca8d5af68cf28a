"""The wire: HTTP and Intuit's shapes, nothing of ours."""
