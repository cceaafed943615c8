"""The least costly staffing that keeps what was promised: a search by simulation over head-counts or shifts."""
