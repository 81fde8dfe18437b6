using System;

// Internal copies of the annotations: the analyzers bind them by name, so a project needs no reference to carry them.
namespace PinAccounting.Annotations;

[AttributeUsage(AttributeTargets.Method | AttributeTargets.Constructor, AllowMultiple = true)]
internal sealed class ChargeAttribute(string key) : Attribute
{
    public string Key { get; } = key;

    public string? ReleasedBy { get; set; }
}

[AttributeUsage(AttributeTargets.Method, AllowMultiple = true)]
internal sealed class ReleaseAttribute(string key) : Attribute
{
    public string Key { get; } = key;
}

[AttributeUsage(AttributeTargets.Parameter)]
internal sealed class ChargeAmountAttribute : Attribute
{
    public string? Unit { get; set; }
}
