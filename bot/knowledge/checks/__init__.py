"""The rules of `check`, each a function from the whole base to what breaks it, by what they are about."""
