namespace GenesysSimulator;

/// <summary>The simulator on its own.</summary>
public static class Program
{
    public static async Task Main(string[] args)
    {
        var app = WebApplication.CreateSlimBuilder(args).Build();
        await app.RunAsync();
    }
}
