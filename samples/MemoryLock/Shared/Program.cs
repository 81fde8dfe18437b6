using System;
using System.Globalization;
using MemoryLock;
using PinAccounting;
using static PinAccounting.MemoryLockFlags;

if (args.Length > 0) return LockCommand.Run(args);

Console.WriteLine($"{"policy",-28} {"process",-11} {"answer",6} {"locked",6} policy then");
Show("none", static _ => 0);
Show("current, future", static process => process.LockAll(Current | Future));
Show("... and inherit", static process => process.LockAll(Current | Future | Inherit));
Show("... and recursive", static process => process.LockAll(Current | Future | Inherit | Recursive));
Show("all of it, then current", static process => Math.Min(process.LockAll(Current | Future | Inherit | Recursive), process.LockAll(Current)));
Show("inherit", static process => process.InheritOnly());
return 0;

// A process with 5 pages locked, and 3 that are locked for a device; its child and grandchild by fork, and the child after exec.
static void Show(string name, Func<Process, int> lockAll)
{
    using var parent = new Process(new PinAccount("parent", 16));
    int answer = lockAll(parent);
    parent.Lock(5);
    parent.LockForDevice(3);
    Row(name, parent, answer);
    using Process child = parent.Fork(new PinAccount("child", 16), out answer);
    Row("", child, answer);
    using Process grandchild = child.Fork(new PinAccount("grandchild", 16), out answer);
    Row("", grandchild, answer);
    using Process program = child.Exec(new PinAccount("program", 16), out answer);
    Row("", program, answer);
    program.Lock(2);
    child.Unlock();
    Row("  the old locks go", program, 0);
}

static void Row(string policy, Process process, int answer) => Console.WriteLine(string.Create(
    CultureInfo.InvariantCulture, $"{policy,-28} {process.Name,-11} {answer,6} {process.Locked,6} {process.Policy}"));
