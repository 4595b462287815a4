"""imh-bot: checked guidance on babies' emotional wellbeing, by role and region, on Telegram."""
