"""`python3 -m bot`: prepares a fresh checkout, then hands over to the commands."""

from bot.prepare import prepare

if __name__ == "__main__":
    prepare()
    # Only now: what it imports may just have been installed.
    from bot.cli import main

    main()
