using System.Globalization;
using System.Text.Json;
using GenesysSimulator.Wire;
using GenesysSimulator.World;
using GenesysSimulator.World.Agents;

namespace GenesysSimulator.Directory;

/// <summary>Writes a user with personal data, as Genesys does, even if a client needs only a few members.</summary>
internal static class UserWriter
{
    public static void Write(Utf8JsonWriter writer, SimulatedAgent agent)
    {
        var number = Identity.Hash(agent.Id);
        var email = EmailOf(agent, number);
        writer.WriteStartObject();
        writer.WriteString("id", agent.Id);
        writer.WriteString("name", agent.Name);
        writer.WriteDivision(agent.Division);
        writer.WriteStartObject("chat");
        writer.WriteString("jabberId", $"{agent.Id.Replace("-", "", StringComparison.Ordinal)[..24]}@simulator.orgspan.com");
        writer.WriteEndObject();
        writer.WriteString("department", DepartmentOf(agent.WorkType));
        writer.WriteString("email", email);
        writer.WriteStartArray("primaryContactInfo");
        WriteContact(writer, email, "EMAIL", "PRIMARY");

        // The German regulator has reserved this range of landline numbers for fiction.
        WriteContact(writer, string.Create(CultureInfo.InvariantCulture, $"+493023125{number % 1000:000}"), "PHONE", "PRIMARY");
        writer.WriteEndArray();
        writer.WriteStartArray("addresses");
        WriteContact(writer, string.Create(CultureInfo.InvariantCulture, $"+491715550{number % 100:00}"), "PHONE", "MOBILE");
        writer.WriteEndArray();
        writer.WriteString("state", agent.State == AgentState.Active ? "active" : "inactive");
        writer.WriteString("title", agent.Shift is Shift.Day && number % 9 == 0 ? "Team Lead" : "Agent");
        writer.WriteString("username", email);
        writer.WriteNumber("version", 1 + (number % 40));
        writer.WriteBoolean("acdAutoAnswer", false);
        writer.WriteString("selfUri", $"{UsersEndpoint.Path}/{agent.Id}");
        writer.WriteEndObject();
    }

    private static void WriteContact(Utf8JsonWriter writer, string address, string media, string type)
    {
        writer.WriteStartObject();
        writer.WriteString("address", address);
        writer.WriteString("mediaType", media);
        writer.WriteString("type", type);
        writer.WriteEndObject();
    }

    private static string EmailOf(SimulatedAgent agent, ulong number)
    {
        var letters = string.Concat(agent.Name.ToLowerInvariant().Where(letter => char.IsAsciiLetter(letter) || letter == ' ').Take(40)).Trim();
        return string.Create(CultureInfo.InvariantCulture, $"{letters.Replace(' ', '.')}{number % 10_000}@example.com");
    }

    private static string DepartmentOf(WorkType work) => work switch
    {
        WorkType.Sales => "Telesales",
        WorkType.Digital => "Written Service",
        WorkType.Internal => "IT",
        _ => "Customer Service",
    };
}
