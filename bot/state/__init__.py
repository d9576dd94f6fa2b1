"""What people create (tokens, sessions, thumbs, live feedback) and the audit trail, in SQL."""
