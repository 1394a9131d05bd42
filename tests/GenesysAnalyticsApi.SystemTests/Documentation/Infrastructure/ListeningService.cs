using GenesysAnalyticsApi.SystemTests.Infrastructure;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;

namespace GenesysAnalyticsApi.SystemTests.Documentation.Infrastructure;

/// <summary>The service with simulated figures on a free port, for programs that send requests themselves, and a folder for their files.</summary>
public sealed class ListeningService : IDisposable
{
    private readonly RunningService _service = RunningService.Simulated();
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("genesys-analytics-clients-");

    public ListeningService()
    {
        _service.UseKestrel();
        _service.StartServer();
        Port = new Uri(_service.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First()).Port;
    }

    public int Port { get; }

    public string Folder => _folder.FullName;

    public Uri Address(string pathAndQuery) => new($"http://127.0.0.1:{Port}{pathAndQuery}");

    /// <summary>The text with the address of this service instead of the one that the documentation uses.</summary>
    public string Here(string text) => text.Replace("localhost:5080", $"127.0.0.1:{Port}", StringComparison.Ordinal);

    public void Dispose()
    {
        _service.Dispose();
        _folder.Delete(recursive: true);
    }
}
