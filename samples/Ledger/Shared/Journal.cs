using System;
using System.IO;
using System.Threading;

namespace Ledger;

/// <summary>What was done, line by line. Whoever writes a line is in the middle of something, and a scenario can have another thread act right then.</summary>
internal sealed class Journal(TextWriter output)
{
    private readonly TextWriter _output = TextWriter.Synchronized(output);
    private Action? _meanwhile;

    /// <summary>When the next line is written, another thread does this, to its end.</summary>
    public void Meanwhile(Action action) => Volatile.Write(ref _meanwhile, action);

    public void Write(FormattableString line)
    {
        _output.WriteLine(FormattableString.Invariant(line));
        if (Interlocked.Exchange(ref _meanwhile, null) is not { } action) return;
        var other = new Thread(action.Invoke);
        other.Start();
        other.Join();
    }
}
