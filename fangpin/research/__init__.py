"""The research trip: from a plan and a frame to a draw, teams, field items and what comes back."""
