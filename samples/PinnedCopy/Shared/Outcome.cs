namespace PinnedCopy;

/// <summary>How the copy of one file ended. Everything but <see cref="Copied"/> is an ordinary day, not a failure of the program.</summary>
internal enum Outcome
{
    Copied,
    Empty,
    Binary,
    OverQuota,
    Duplicate,
    Declined,
    Unverified,
    Failed,
}
