using GenesysSimulator.Wire;

namespace GenesysSimulator.Organization;

/// <summary>GET /api/v2/organizations/limits/namespaces/{name}: what the platform allows this organisation.</summary>
internal sealed class LimitsEndpoint(SimulatorSettings settings)
{
    public const string Path = "/api/v2/organizations/limits/namespaces/";

    private const string Platform = "platform.api";

    public Answer List(string name) => Answer.OfJson(writer =>
    {
        writer.WriteStartObject();
        writer.WriteStartArray("entities");
        if (name == Platform)
        {
            Write("client.credentials.token.rate.per.minute", settings.RequestsPerMinute);
            Write("token.rate.per.minute", settings.RequestsPerMinute);
            Write("request.bytes.max", RequestBody.Most);
        }

        writer.WriteEndArray();
        writer.WriteEndObject();

        void Write(string key, int value)
        {
            writer.WriteStartObject();
            writer.WriteString("namespace", Platform);
            writer.WriteString("key", key);
            writer.WriteNumber("value", value);
            writer.WriteEndObject();
        }
    });
}
