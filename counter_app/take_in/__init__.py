"""Take a case in: applicant, scenario, materials, check."""
