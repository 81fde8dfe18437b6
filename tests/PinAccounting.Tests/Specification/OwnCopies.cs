using System;
using System.Linq;
using System.Reflection;
using System.Reflection.Emit;

namespace PinAccounting.Tests.Specification;

/// <summary>A library with an annotation of its own, of the right name, which it has written a little differently.</summary>
internal static class OwnCopies
{
    /// <summary>A method of one parameter, <c>int value</c>, with an attribute of that name that takes arguments of just those types.</summary>
    internal static MethodInfo Annotated(string attribute, object[] arguments)
    {
        ModuleBuilder module = AssemblyBuilder.DefineDynamicAssembly(new AssemblyName("OwnCopies"), AssemblyBuilderAccess.Run).DefineDynamicModule("OwnCopies");
        TypeBuilder copy = module.DefineType($"PinAccounting.Annotations.{attribute}", TypeAttributes.Public, typeof(Attribute));
        ILGenerator body = copy.DefineConstructor(MethodAttributes.Public, CallingConventions.Standard, [.. arguments.Select(static argument => argument.GetType())]).GetILGenerator();
        body.Emit(OpCodes.Ldarg_0);
        body.Emit(OpCodes.Call, typeof(Attribute).GetConstructor(BindingFlags.NonPublic | BindingFlags.Instance, [])!);
        body.Emit(OpCodes.Ret);

        TypeBuilder target = module.DefineType("Target", TypeAttributes.Public);
        MethodBuilder method = target.DefineMethod("M", MethodAttributes.Public | MethodAttributes.Static, typeof(void), [typeof(int)]);
        method.GetILGenerator().Emit(OpCodes.Ret);
        method.DefineParameter(1, ParameterAttributes.None, "value").SetCustomAttribute(new CustomAttributeBuilder(copy.CreateType().GetConstructors().Single(), arguments));
        return target.CreateType().GetMethod("M")!;
    }
}
