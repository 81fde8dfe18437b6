namespace PinAccounting;

/// <summary>What an account counts. The library never converts: all accounts of one parent chain count the same thing.</summary>
public enum PinUnit
{
    /// <summary>Pages of <see cref="System.Environment.SystemPageSize"/> bytes.</summary>
    Pages = 0,

    /// <summary>Bytes.</summary>
    Bytes = 1,

    /// <summary>Events, descriptors, slots: anything that is counted one by one.</summary>
    Items = 2,
}
