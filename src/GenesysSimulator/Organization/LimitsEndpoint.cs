using GenesysSimulator.Wire;

namespace GenesysSimulator.Organization;

/// <summary>GET /api/v2/organizations/limits/namespaces/{name}: the limits of the organisation.</summary>
internal sealed class LimitsEndpoint(SimulatorSettings settings)
{
    public const string Path = "/api/v2/organizations/limits/namespaces/";

    private const string Platform = "platform.api";

    public Reply List(string name) => Reply.OfJson(writer =>
    {
        writer.WriteStartObject();
        writer.WriteStartArray("entities");
        if (name == Platform)
        {
            Write("client.credentials.token.rate.per.minute", settings.RequestsPerMinute);
            Write("token.rate.per.minute", settings.RequestsPerMinute);
            Write("request.bytes.max", RequestBody.MaxBytes);
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
