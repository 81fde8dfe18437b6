using System;
using System.Collections.Generic;
using System.Text;
using Microsoft.CodeAnalysis.Text;

namespace Microsoft.CodeAnalysis.Testing;

public class SourceFileCollection : List<(string filename, SourceText content)>
{
    public void Add((string filename, string content) file) => Add((file.filename, SourceText.From(file.content, Encoding.UTF8)));
}

/// <summary>Sources whose names follow from their order: <c>/0/Test0.cs</c>, <c>/0/Test1.cs</c>, …</summary>
public class SourceFileList(string defaultPrefix, string defaultExtension) : SourceFileCollection
{
    public void Add(string content) => Add((Name(Count), content));

    public void Add(SourceText content) => Add((Name(Count), content));

    private string Name(int index) => FormattableString.Invariant($"{defaultPrefix}{index}.{defaultExtension}");
}
