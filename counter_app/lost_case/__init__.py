"""When a PC is lost: a case is entered anew from the citizen's papers, or taken back from a window that is away."""
