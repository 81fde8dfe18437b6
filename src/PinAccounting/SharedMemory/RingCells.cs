namespace PinAccounting.SharedMemory;

/// <summary>The cells of a ring that both processes see.</summary>
internal readonly struct RingCells(SharedRegion region)
{
    public readonly SharedUInt32 Head = region.UInt32At(RingLayout.HeadOffset);
    public readonly SharedUInt32 Tail = region.UInt32At(RingLayout.TailOffset);
    public readonly SharedUInt32 ConsumerFlags = region.UInt32At(RingLayout.ConsumerFlagsOffset);
    public readonly SharedUInt32 ProducerFlags = region.UInt32At(RingLayout.ProducerFlagsOffset);
}
