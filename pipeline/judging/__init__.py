"""How judges are asked, one or several, and how their votes come to a verdict."""
