using System;

namespace PinAccounting.Annotations;

/// <summary>One way in which a member may fail, for its written specification.</summary>
/// <example><code>[FailsWith("PolicyLimit", When = "the quota of the caller would be exceeded")]</code></example>
[AttributeUsage(AttributeTargets.Method | AttributeTargets.Constructor | AttributeTargets.Property, AllowMultiple = true)]
public sealed class FailsWithAttribute : Attribute
{
    /// <summary>Annotates the declaration.</summary>
    /// <param name="status">The status, errno or exception that reports the failure.</param>
    public FailsWithAttribute(string status)
    {
        Status = status;
    }

    /// <summary>The status, errno or exception that reports the failure.</summary>
    public string Status { get; }

    /// <summary>The condition under which it happens; <see langword="null"/> when it is not said.</summary>
    public string? When { get; set; }

    /// <summary>What it means to the caller; <see langword="null"/> when it is not said.</summary>
    public string? Description { get; set; }
}

/// <summary>A lock that a member takes and gives back before it returns, for its written specification.</summary>
/// <example><code>[TakesLock("mmap_lock", Kind = "rwsem, write", Description = "held while the ring is mapped")]</code></example>
[AttributeUsage(AttributeTargets.Method | AttributeTargets.Constructor | AttributeTargets.Property, AllowMultiple = true)]
public sealed class TakesLockAttribute : Attribute
{
    /// <summary>Annotates the declaration.</summary>
    /// <param name="name">The name of the lock.</param>
    public TakesLockAttribute(string name)
    {
        Name = name;
    }

    /// <summary>The name of the lock.</summary>
    public string Name { get; }

    /// <summary>What kind of lock it is, for example <c>mutex</c> or <c>spinlock</c>; <see langword="null"/> when it is not said.</summary>
    public string? Kind { get; set; }

    /// <summary>What the lock protects there; <see langword="null"/> when it is not said.</summary>
    public string? Description { get; set; }
}

/// <summary>Says that a member waits and that the wait may be interrupted, for its written specification.</summary>
/// <remarks>An interrupted call has changed nothing unless its specification says otherwise.</remarks>
/// <example><code>[Interruptible(Status = "Interrupted", When = "a signal arrives while waiting for the mapping lock")]</code></example>
[AttributeUsage(AttributeTargets.Method | AttributeTargets.Constructor | AttributeTargets.Property, AllowMultiple = true)]
public sealed class InterruptibleAttribute : Attribute
{
    /// <summary>The status that reports the interruption; <see langword="null"/> when it is not said.</summary>
    public string? Status { get; set; }

    /// <summary>The condition under which it happens; <see langword="null"/> when it is not said.</summary>
    public string? When { get; set; }
}

/// <summary>A change of state that a member makes, for its written specification.</summary>
/// <example><code>[StateTransition("context", From = "none", To = "ready", When = "setup succeeds")]</code></example>
[AttributeUsage(AttributeTargets.Method | AttributeTargets.Constructor | AttributeTargets.Property, AllowMultiple = true)]
public sealed class StateTransitionAttribute : Attribute
{
    /// <summary>Annotates the declaration.</summary>
    /// <param name="subject">What changes its state.</param>
    public StateTransitionAttribute(string subject)
    {
        Subject = subject;
    }

    /// <summary>What changes its state.</summary>
    public string Subject { get; }

    /// <summary>The state before; <see langword="null"/>: any.</summary>
    public string? From { get; set; }

    /// <summary>The state after; <see langword="null"/> when it is not said.</summary>
    public string? To { get; set; }

    /// <summary>The condition under which it happens; <see langword="null"/>: always when the member succeeds.</summary>
    public string? When { get; set; }
}

/// <summary>A condition that arguments or state have to meet, for the written specification of an API.</summary>
/// <example><code>[Constraint("events &lt;= aio_max_nr - aio_nr", Description = "the system-wide quota")]</code></example>
[AttributeUsage(AttributeTargets.Method | AttributeTargets.Constructor | AttributeTargets.Property | AttributeTargets.Parameter | AttributeTargets.Class | AttributeTargets.Struct | AttributeTargets.Interface, AllowMultiple = true)]
public sealed class ConstraintAttribute : Attribute
{
    /// <summary>Annotates the declaration.</summary>
    /// <param name="expression">The condition.</param>
    public ConstraintAttribute(string expression)
    {
        Expression = expression;
    }

    /// <summary>The condition, as an expression over parameters and named state.</summary>
    public string Expression { get; }

    /// <summary>What the condition means; <see langword="null"/> when it is not said.</summary>
    public string? Description { get; set; }
}
