using System.ComponentModel.DataAnnotations;
using System.Net.Mail;

namespace GenesysAnalyticsApi.OpenApi.Metadata;

/// <summary>Describes this installation in the OpenAPI document. The document is valid without any of these settings.</summary>
internal sealed class OpenApiOptions : IValidatableObject
{
    public const string Section = "OpenApi";

    /// <summary>
    /// The address for callers. If not set, the document contains the address from which it was requested, and the document for Swagger UI a relative address.
    /// </summary>
    public Uri? ServerUrl { get; set; }

    /// <summary>The name of the contact for this installation.</summary>
    [Required(ErrorMessage = "Give a name, or remove the setting")]
    public string ContactName { get; set; } = "Operator of this service";

    public string? ContactEmail { get; set; }

    public Uri? ContactUrl { get; set; }

    /// <summary>
    /// The name of the terms for callers, which requires <see cref="LicenseUrl"/>. If neither is set, the document says that no license is stated.
    /// </summary>
    public string? LicenseName { get; set; }

    public Uri? LicenseUrl { get; set; }

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        const string name = $"{Section}:{nameof(LicenseName)}", url = $"{Section}:{nameof(LicenseUrl)}";
        if (LicenseUrl is not null && string.IsNullOrWhiteSpace(LicenseName))
        {
            yield return new($"Give the name of the terms at {url}", [nameof(LicenseName)]);
        }

        if (LicenseUrl is null && !string.IsNullOrWhiteSpace(LicenseName))
        {
            yield return new($"Give the address of the terms that {name} names", [nameof(LicenseUrl)]);
        }

        // The EmailAddress attribute would also accept a display name, because it only checks for a single @.
        if (!string.IsNullOrWhiteSpace(ContactEmail) && !(MailAddress.TryCreate(ContactEmail, out var address) && address.Address == ContactEmail))
        {
            yield return new("is not an e-mail address. Give one such as analytics@example.com.", [nameof(ContactEmail)]);
        }
    }
}
