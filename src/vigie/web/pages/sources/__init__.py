"""Pages of what comes in: files, runs, refused rows."""
