"""What sending costs, measured against a server on this machine. Run by hand; nothing here is a test."""
