"""The ways people reach us. Each channel turns its own updates into `Incoming` and sends `Reply`; see assembly."""
