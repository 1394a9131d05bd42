using System.Text.Json.Nodes;
using GenesysAnalyticsApi.Genesys.Settings;
using GenesysAnalyticsApi.Hosting;
using GenesysAnalyticsApi.SystemTests.Hosting;
using GenesysAnalyticsApi.Tests.Infrastructure;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;
using YamlDotNet.Serialization;

namespace GenesysAnalyticsApi.SystemTests.Deployment;

/// <summary>Reads the files in <c>docker/</c>.</summary>
internal static class DeploymentFiles
{
    /// <summary>The documents of a YAML file, with anchors and merges resolved; every value is text.</summary>
    public static IReadOnlyList<JsonNode> Documents(string path)
    {
        using var text = new StringReader(Repository.Read(path));
        var parser = new MergingParser(new Parser(text));
        var asJson = new SerializerBuilder().JsonCompatible().Build();
        parser.Consume<StreamStart>();
        List<JsonNode> documents = [];
        while (!parser.TryConsume<StreamEnd>(out _))
        {
            documents.Add(JsonNode.Parse(asJson.Serialize(new DeserializerBuilder().Build().Deserialize(parser)))!);
        }

        return documents;
    }

    public static JsonObject Services(string path) => Documents(path).Single()["services"]!.AsObject();

    public static Dictionary<string, string> Map(JsonNode? node) =>
        node?.AsObject().ToDictionary(entry => entry.Key, entry => entry.Value!.GetValue<string>()) ?? [];

    public static IEnumerable<string> List(JsonNode? node) => node?.AsArray().Select(entry => entry!.GetValue<string>()) ?? [];

    /// <summary>The faults that the service reports for these variables in Production, in addition to its own settings file.</summary>
    public static IReadOnlyList<string> FaultsOf(IEnumerable<KeyValuePair<string, string>> variables)
    {
        var given = variables.Select(variable => new KeyValuePair<string, string?>(variable.Key.Replace("__", ":", StringComparison.Ordinal), variable.Value));
        var settings = new ConfigurationBuilder().AddJsonFile(Repository.PathOf("appsettings.json")).AddInMemoryCollection(given).Build();
        return SettingsValidation.FindFaults(settings, new SettingsValidationTests.NamedEnvironment(Environments.Production), [GenesysClient.Http]);
    }

    /// <summary>Misspelled sections, which no validator checks.</summary>
    public static IEnumerable<string> UnknownSections(IEnumerable<string> variables) =>
        variables.Where(name => name.Contains("__", StringComparison.Ordinal)).Select(name => name.Split("__")[0])
            .Except(SettingsValidation.Sections.Select(section => section.Name));
}
