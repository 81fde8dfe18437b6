using System;

namespace PinAccounting.Tests;

/// <summary>Foreign code's exception that throws even when it is asked what happened.</summary>
internal sealed class UnspeakableException : Exception
{
    public override string Message => throw new InvalidOperationException("not even this");
}
