using System;
using BenchmarkDotNet.Running;
using PinAccounting.Benchmarks;

if (args is ["contention"]) Contention.Compare(Console.Out, new AccountBenchmarks().Pairs());
else if (args is ["in-turn"]) InTurn.Compare(Console.Out, new AccountBenchmarks().Pairs());
else BenchmarkSwitcher.FromAssembly(typeof(AccountBenchmarks).Assembly).Run(args);
