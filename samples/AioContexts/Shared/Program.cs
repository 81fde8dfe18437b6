using System;
using System.Collections.Generic;
using System.IO;
using AioContexts;
using PinAccounting;

if (Kernel.WhyNot() is { } reason)
{
    Console.WriteLine($"skipped: {reason}");
    return 0;
}

// 64 KiB, the limit of the patch that charged rings to RLIMIT_MEMLOCK.
const long MemlockPages = 64 * 1024 / 4096;

Console.WriteLine($"{"scenario",-36} {"granted",8} {"then says",10} {"rings left",11} {"pages charged",14} {"bad releases",13}");
Show("raise nr_events", static contexts =>
{
    uint granted = 0, refused = 1;
    int status = 0;
    // Doubled until refused, then halved in between: destroying a context takes the kernel some milliseconds.
    while ((status = contexts.Try(refused)) >= 0) (granted, refused) = (refused, refused * 2);
    while (refused - granted > 1)
    {
        uint middle = granted + (refused - granted) / 2;
        int answer = contexts.Try(middle);
        if (answer >= 0) granted = middle;
        else (refused, status) = (middle, answer);
    }

    return (granted, status);
});
Show("contexts of one event", static contexts =>
{
    var open = new List<nint>();
    int status;
    while (true)
    {
        nint context = 0;
        if ((status = contexts.Open(1, ref context)) < 0) break;
        open.Add(context);
    }

    foreach (nint each in open)
    {
        nint context = each;
        contexts.Close(ref context);
    }

    return (open.Count, status);
});
Show("all of them gone, and again", static contexts =>
{
    int rounds = 0, status = 0;
    for (; rounds < 8; rounds++)
    {
        nint context = 0;
        if ((status = contexts.Open(2045, ref context)) < 0) break;
        contexts.Close(ref context);
    }

    return (rounds, status);
});
Show("more than aio-max-nr", static contexts => (0, contexts.TryUnlimited(Kernel.MostEvents)));
Show("no room for the ring", static contexts =>
{
    // Once with room, so that everything is compiled by then.
    int status = contexts.TryUnlimited(1);
    return (0, status < 0 ? status : Kernel.WithoutRoom(() => contexts.TryUnlimited(32_768)));
});
Show("2^31 events", static contexts => (0, contexts.Try(1u << 31)));
Show("write and read back", static contexts =>
{
    string path = Path.GetTempFileName();
    try
    {
        return contexts.WriteAndReadBack(path, 4);
    }
    finally
    {
        File.Delete(path);
    }
});

(long used, long limit) = Kernel.SharedLimit();
Console.WriteLine();
Console.WriteLine($"aio-nr is {used} of {limit} now; rings of this process: {Kernel.RingsMapped()}.");
return 0;

static void Show(string name, Func<Contexts, (long Granted, int Status)> scenario)
{
    int before = Kernel.RingsMapped();
    var memlock = new PinAccount("memlock", MemlockPages);
    using var contexts = new Contexts(memlock);
    (long granted, int status) = scenario(contexts);
    contexts.Settle();
    Console.WriteLine($"{name,-36} {granted,8} {Name(status),10} {Kernel.RingsMapped() - before,11} {memlock.Used + contexts.Unlimited.Used,14} {memlock.OverReleases + contexts.Unlimited.OverReleases,13}");
}

static string Name(int status) => -status switch
{
    <= 0 => status.ToString(System.Globalization.CultureInfo.InvariantCulture),
    Kernel.EINTR => "EINTR",
    Kernel.EIO => "EIO",
    Kernel.EAGAIN => "EAGAIN",
    Kernel.ENOMEM => "ENOMEM",
    Kernel.EFAULT => "EFAULT",
    Kernel.EINVAL => "EINVAL",
    Kernel.ENOSYS => "ENOSYS",
    _ => status.ToString(System.Globalization.CultureInfo.InvariantCulture),
};
