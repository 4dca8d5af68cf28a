"""What would become of the backlog if it were sent now. The lane's own planning says so; nothing is written."""
