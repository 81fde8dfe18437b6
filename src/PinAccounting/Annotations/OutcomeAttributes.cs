using System;

namespace PinAccounting.Annotations;

/// <summary>How a native style result reports errors.</summary>
public enum ErrnoConvention
{
    /// <summary>A negative result is the negated errno; 0 or more is success. The convention of the Linux system calls themselves.</summary>
    NegativeErrno,

    /// <summary>-1 means that errno holds the reason; everything else is success. The convention of libc.</summary>
    MinusOneErrno,

    /// <summary>0 is success; everything else is the errno. The convention of the pthread functions.</summary>
    ZeroOrErrno,
}

/// <summary>Marks a return value that reports errors in the manner of the C library or the kernel.</summary>
/// <remarks>
/// The analyzers report tests that misread the convention (PIN4012) and a status that is overwritten before anybody read it (PIN4001).
/// </remarks>
/// <example><code>[return: Errno(ErrnoConvention.MinusOneErrno)] static extern int mlock(nint address, nuint length);</code></example>
[AttributeUsage(AttributeTargets.ReturnValue)]
public sealed class ErrnoAttribute : Attribute
{
    /// <summary>Annotates the declaration.</summary>
    /// <param name="convention">How errors are reported.</param>
    public ErrnoAttribute(ErrnoConvention convention)
    {
        Convention = convention;
    }

    /// <summary>How errors are reported.</summary>
    public ErrnoConvention Convention { get; }
}

/// <summary>Says that a method has a side effect, and which member undoes it.</summary>
/// <remarks>An effect without <see cref="ReversedBy"/>, or with one that does not exist, is reported as PIN4011.</remarks>
/// <example><code>[Effect("mm.locked_vm", ReversedBy = nameof(Unlock))] public void Lock(nuint length);</code></example>
[AttributeUsage(AttributeTargets.Method | AttributeTargets.Constructor, AllowMultiple = true)]
public sealed class EffectAttribute : Attribute
{
    /// <summary>Annotates the declaration.</summary>
    /// <param name="target">What is changed.</param>
    public EffectAttribute(string target)
    {
        Target = target;
    }

    /// <summary>What is changed, in the words of the API's specification.</summary>
    public string Target { get; }

    /// <summary>The name of the member that undoes the effect, looked up on the declaring type.</summary>
    public string? ReversedBy { get; set; }
}

/// <summary>What a clone or child process gets of a piece of state.</summary>
public enum Inheritance
{
    /// <summary>It starts at zero.</summary>
    Zero,

    /// <summary>It is charged again, for the child and against the child's limit.</summary>
    Recharge,

    /// <summary>The value is copied.</summary>
    Copy,

    /// <summary>Parent and child have it together.</summary>
    Share,
}

/// <summary>Says what a clone or child gets of the field or property.</summary>
/// <remarks>
/// The analyzers report a copy of state that has to start at <see cref="Inheritance.Zero"/> or to be charged again (PIN4009), and a
/// setter of such state that can set but never clear (PIN4008).
/// </remarks>
/// <example><code>[Inherited(Inheritance.Zero)] private long _lockedPages;</code></example>
[AttributeUsage(AttributeTargets.Field | AttributeTargets.Property)]
public sealed class InheritedAttribute : Attribute
{
    /// <summary>Annotates the declaration.</summary>
    /// <param name="mode">What the child gets.</param>
    public InheritedAttribute(Inheritance mode)
    {
        Mode = mode;
    }

    /// <summary>What the child gets.</summary>
    public Inheritance Mode { get; }
}
