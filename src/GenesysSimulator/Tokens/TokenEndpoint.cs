using System.Text;
using GenesysSimulator.Wire;
using Microsoft.AspNetCore.WebUtilities;

namespace GenesysSimulator.Tokens;

/// <summary>Serves POST /oauth/token. The error bodies of this endpoint differ from those of the API.</summary>
internal sealed class TokenEndpoint(SimulatorSettings settings, IssuedTokens tokens)
{
    public static Reply Error(int status, string error, string description) => Reply.OfJson(
        writer =>
        {
            writer.WriteStartObject();
            writer.WriteString("error", error);
            writer.WriteString("description", description);
            writer.WriteString("error_description", description);
            writer.WriteEndObject();
        },
        status);

    public Reply Issue(HttpRequest request, ReadOnlyMemory<byte> body)
    {
        if (request.ContentType?.StartsWith("application/x-www-form-urlencoded", StringComparison.OrdinalIgnoreCase) != true)
        {
            return Error(415, "invalid_request", "The content type must be application/x-www-form-urlencoded");
        }

        if (ReadCredentials(request.Headers.Authorization.ToString()) is not var (id, secret))
        {
            return Error(settings.InvalidClientStatus, "invalid_client", "client not found");
        }

        if (id != settings.ClientId)
        {
            return Error(settings.InvalidClientStatus, "invalid_client", "client not found");
        }

        if (secret != settings.ClientSecret)
        {
            return Error(settings.InvalidClientStatus, "invalid_client", "authentication failed");
        }

        var form = QueryHelpers.ParseQuery(Encoding.UTF8.GetString(body.Span));
        return form.TryGetValue("grant_type", out var grant) && grant == "client_credentials"
            ? Issued()
            : Error(400, "unsupported_grant_type", "Only client_credentials is supported");
    }

    private Reply Issued() => Reply.OfJson(writer =>
    {
        writer.WriteStartObject();
        writer.WriteString("access_token", tokens.Issue());
        writer.WriteString("token_type", "bearer");
        writer.WriteNumber("expires_in", settings.TokenSeconds);
        writer.WriteEndObject();
    });

    private static (string Id, string Secret)? ReadCredentials(string header)
    {
        if (!header.StartsWith("Basic ", StringComparison.OrdinalIgnoreCase))
        {
            return null;
        }

        var bytes = new byte[header.Length];
        if (!Convert.TryFromBase64String(header[6..].Trim(), bytes, out var length))
        {
            return null;
        }

        var parts = Encoding.Latin1.GetString(bytes, 0, length).Split(':', 2);
        return parts.Length == 2 ? (parts[0], parts[1]) : null;
    }
}
