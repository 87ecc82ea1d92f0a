"""People: users, roles, sign-in and sessions."""
