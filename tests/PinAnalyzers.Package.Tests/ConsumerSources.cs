namespace PinAnalyzers.Package.Tests;

/// <summary>What the consumers compile. Each line that must be reported says so itself.</summary>
internal static class ConsumerSources
{
    /// <summary>A pinned handle that an early return keeps.</summary>
    public const string PinnedLeak =
        """
        using System;
        using System.Runtime.InteropServices;

        public static class Checksum
        {
            public static int Of(byte[] data, int limit)
            {
                GCHandle handle = GCHandle.Alloc(data, GCHandleType.Pinned); // expect: PIN1001
                if (data.Length > limit)
                {
                    return -1;
                }

                int first = Marshal.ReadByte(handle.AddrOfPinnedObject());
                handle.Free();
                return first;
            }
        }
        """;

    /// <summary>The same, done right.</summary>
    public const string PinnedFixed =
        """
        using System;
        using System.Runtime.InteropServices;

        public static class Checksum
        {
            public static int Of(byte[] data, int limit)
            {
                if (data.Length > limit)
                {
                    return -1;
                }

                GCHandle handle = GCHandle.Alloc(data, GCHandleType.Pinned);
                try
                {
                    return Marshal.ReadByte(handle.AddrOfPinnedObject());
                }
                finally
                {
                    handle.Free();
                }
            }
        }
        """;

    /// <summary>Lost only if somebody else's code throws: a suggestion, for a handle.</summary>
    public const string PinnedAcrossACall =
        """
        using System;
        using System.Runtime.InteropServices;

        public static class Mapped
        {
            public static int Of(byte[] data, Func<byte, int> map)
            {
                GCHandle handle = GCHandle.Alloc(data, GCHandleType.Pinned); // expect: PIN1002
                int first = map(Marshal.ReadByte(handle.AddrOfPinnedObject()));
                handle.Free();
                return first;
            }
        }
        """;

    /// <summary>What others find, and we leave to them.</summary>
    public const string UndisposedStream =
        """
        using System.IO;

        public static class Header
        {
            public static int Of(string path)
            {
                var stream = new FileStream(path, FileMode.Open);
                return stream.ReadByte();
            }
        }
        """;

    /// <summary>An account of the consumer's own, marked with its own copies of the annotations.</summary>
    public const string InternalAnnotations =
        """
        using System;
        using PinAccounting.Annotations;

        namespace PinAccounting.Annotations
        {
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
            internal sealed class ChargeAmountAttribute : Attribute;
        }

        internal sealed class Account
        {
            private long _used;

            [Charge("pages", ReleasedBy = nameof(Uncharge))]
            public bool TryCharge([ChargeAmount] long pages)
            {
                if (pages > 16 - _used) return false;
                _used += pages;
                return true;
            }

            [Release("pages")]
            public void Uncharge([ChargeAmount] long pages) => _used -= pages;
        }

        internal static class Mapping
        {
            public static bool Map(Account account, int pages, bool readOnly)
            {
                if (!account.TryCharge(pages)) return false; // expect: PIN1001
                if (readOnly) return false;
                account.Uncharge(pages);
                return true;
            }
        }
        """;

    /// <summary>A library's pair that only <see cref="VendorPairs"/> makes known.</summary>
    public const string VendorLeak =
        """
        using System;

        public static class Vendor
        {
            public static IntPtr PinPages(int count) => new(count);

            public static void UnpinPages(IntPtr pages) => GC.KeepAlive(pages);
        }

        public static class Mapping
        {
            public static bool Map(int count, bool readOnly)
            {
                IntPtr pages = Vendor.PinPages(count); // expect: PIN1001
                if (readOnly)
                {
                    return false;
                }

                Vendor.UnpinPages(pages);
                return true;
            }
        }
        """;

    public const string VendorPairs =
        """
        # The vendor's pages.
        M:Vendor.PinPages(System.Int32) => M:Vendor.UnpinPages(System.IntPtr); token=RETURN,0
        """;
}
