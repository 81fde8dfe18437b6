using System;

namespace PinAccounting;

/// <summary>One noticed misuse: what, whose, how much, and where it was charged if stacks are tracked. Immutable.</summary>
public sealed class PinViolation : EventArgs
{
    internal PinViolation(PinViolationKind kind, PinAccount account, long amount, string message, string? stack = null, Exception? exception = null)
    {
        Kind = kind;
        Account = account;
        Amount = amount;
        Message = message;
        Stack = stack;
        Exception = exception;
    }

    /// <summary>What kind of misuse.</summary>
    public PinViolationKind Kind { get; }

    /// <summary>Whose account.</summary>
    public PinAccount Account { get; }

    /// <summary>How much it is about, in the account's <see cref="PinAccount.Unit"/>.</summary>
    public long Amount { get; }

    /// <summary>The whole story in words.</summary>
    public string Message { get; }

    /// <summary>The stack of the charge (or of the refused release), when stacks are tracked.</summary>
    public string? Stack { get; }

    /// <summary>The exception behind it, if one is.</summary>
    public Exception? Exception { get; }

    /// <inheritdoc/>
    public override string ToString() => Stack is null ? $"{Kind}: {Message}" : $"{Kind}: {Message}{Environment.NewLine}{Stack}";
}
