"""The dashboard: reads the tracker's database and shows it; it writes nothing and extracts nothing."""
