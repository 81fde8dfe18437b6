using System;
using BenchmarkDotNet.Running;
using PinAccounting.Benchmarks;

if (args is ["contention"]) AccountBenchmarks.CompareUnderContention(Console.Out);
else BenchmarkSwitcher.FromAssembly(typeof(AccountBenchmarks).Assembly).Run(args);
