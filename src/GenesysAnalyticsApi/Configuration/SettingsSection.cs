using System.Globalization;
using System.Reflection;
using NodaTime.Text;

namespace GenesysAnalyticsApi.Configuration;

/// <summary>One section of ours, with the options type that says which keys it has and of what type.</summary>
internal sealed record SettingsSection(string Name, Type Options)
{
    /// <summary>Those with one value. Sections within have checks of their own.</summary>
    public IReadOnlyList<PropertyInfo> Properties { get; } = [.. Options.GetProperties().Where(property => !IsList(property) && !IsSection(property))];

    /// <summary>Reports keys that do not exist and values that cannot be read, before the binder trips over them.</summary>
    public void Check(IConfiguration configuration, SettingsReport report)
    {
        if (!string.IsNullOrEmpty(configuration[Name]))
        {
            report.Add(Name, "is a section, not one value.");
        }

        foreach (var entry in configuration.GetSection(Name).GetChildren())
        {
            var property = Array.Find(Options.GetProperties(), known => known.Name.Equals(entry.Key, StringComparison.OrdinalIgnoreCase));
            if (property is null)
            {
                report.AddUnknown(entry, Name, [.. Options.GetProperties().Select(known => known.Name)]);
            }
            else if (IsList(property))
            {
                CheckList(property, entry, report);
            }
            else if (IsSection(property))
            {
                if (!string.IsNullOrEmpty(entry.Value))
                {
                    report.Add($"{Name}:{property.Name}", "is a section, not one value.");
                }
            }
            else if (entry.GetChildren().Any())
            {
                report.Add($"{Name}:{property.Name}", "is one value, not a section.");
            }
            else if (entry.Value is null && property.PropertyType.IsValueType && Nullable.GetUnderlyingType(property.PropertyType) is null)
            {
                // The binder would take it for zero.
                report.Add($"{Name}:{property.Name}", $"is null. Leave it out, or give a value.{Default(property)}");
            }
            else if (entry.Value is { } value && WhyUnreadable(property.PropertyType, value) is { } reason)
            {
                report.Add($"{Name}:{property.Name}", value, reason + Default(property));
            }
        }
    }

    /// <summary>One value where a list belongs would be passed over, and an empty list means what a missing one does: neither shall be trusted.</summary>
    private void CheckList(PropertyInfo property, IConfigurationSection entry, SettingsReport report)
    {
        if (!entry.GetChildren().Any() && entry.Value is { } value)
        {
            report.Add($"{Name}:{property.Name}", value.Length == 0
                ? "is empty. Leave it out if it is not to limit anything."
                : $"is a list: give {Name}:{property.Name}:0, {Name}:{property.Name}:1 and so on.");
        }
    }

    private static bool IsList(PropertyInfo property) => property.PropertyType == typeof(List<string>);

    private static bool IsSection(PropertyInfo property) =>
        !IsList(property) && property.PropertyType is { IsClass: true } type && type != typeof(string) && type != typeof(Uri);

    private string Default(PropertyInfo property) =>
        property.GetValue(Activator.CreateInstance(Options)) is { } value ? $" The default is {value}." : "";

    /// <returns>What is accepted instead, or null when <paramref name="value"/> can be read.</returns>
    private static string? WhyUnreadable(Type type, string value) => type switch
    {
        _ when type == typeof(string) => null,
        _ when type == typeof(Uri) => value.Length == 0 || IsWebAddress(value)
            ? null
            : "is not a base address. Give https://host or http://host, without user, query or fragment.",
        _ when type == typeof(TimeSpan) => IsDuration(value)
            ? null
            : "is not a duration. Give hours:minutes:seconds, such as 00:00:30, or days.hours:minutes:seconds.",
        _ when type == typeof(bool) => bool.TryParse(value, out _) ? null : "is neither true nor false.",
        _ when type == typeof(DateTimeOffset?) => IsInstant(value)
            ? null
            : "is not an instant. Give date, time and offset, such as 2027-01-31T00:00:00Z.",
        _ when type == typeof(int?) => int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number > 0
            ? null
            : "is not a whole number above 0.",
        _ when type == typeof(int) => int.TryParse(value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out _)
            ? null
            : "is not a whole number.",
        _ when type == typeof(long) => long.TryParse(value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out _)
            ? null
            : "is not a whole number.",
        { IsEnum: true } => Enum.GetNames(type).Contains(value, StringComparer.OrdinalIgnoreCase)
            ? null
            : $"is none of {string.Join(", ", Enum.GetNames(type))}.",
        _ => throw new NotSupportedException($"Settings of type {type} have no check yet."),
    };

    // A bare "30" would be read as 30 days, which nobody means.
    private static bool IsDuration(string value) =>
        value.Contains(':', StringComparison.Ordinal) && TimeSpan.TryParse(value, CultureInfo.InvariantCulture, out _);

    // Without an offset it would be read in the zone of the machine.
    private static bool IsInstant(string value) =>
        OffsetDateTimePattern.ExtendedIso.Parse(value).Success && DateTimeOffset.TryParse(value, CultureInfo.InvariantCulture, out _);

    private static bool IsWebAddress(string value) =>
        Uri.TryCreate(value, UriKind.Absolute, out var address)
        && (address.Scheme == Uri.UriSchemeHttps || address.Scheme == Uri.UriSchemeHttp)
        && address is { UserInfo: "", Query: "", Fragment: "" };
}
