#include "check/base_flow.hpp"

namespace flowship::check {

namespace {

/// Tokens are assembled here, so that secret scanners find none in this repository.
std::string token(const char* prefix, const char* rest) { return std::string(prefix) + rest; }

Sample in_metadata(const char* name, const char* rule, const std::string& value) {
  const std::string path = "flows/sign-up/metadata.json";
  return {name, rule, {{path, "\"Sign Up\"", "\"" + value + "\""}}, path, rule[0] == '\0' ? "" : "\"" + value + "\""};
}

}  // namespace

std::vector<Sample> safety_samples() {
  const std::string contents = "flows/sign-up/contents.json";
  const std::string welcome = "flows/sign-up/screen-welcome.json";
  const std::string letters = "aB3dE6gH9jK2mN5pQ8sT1vW4yZ7bC0eF3hJ6kL9nP2rS5uV8xY1zA4";
  const std::string key = token("K", "2xUaTq0cWJr8sKfYp3HdZ1vQnAeB");
  const std::string jwt =
      token("eyJhbGciOi", "JIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.dozjgNryP4J3jVmNHl0w5N_XgL0n3I9PlF");
  return {
      in_metadata("ManagementKey", "management-key", key),
      in_metadata("ManagementKeyAfterAnEscape", "management-key", "key:\\n" + key),
      in_metadata("ManagementKeyInEscapes", "management-key", "\\u004b" + key.substr(1)),
      in_metadata("ManagementKeyWithItsProject", "management-key", "P2qBOYWRz0jtS7wdvY8ZSAxZGbdi:" + key),
      in_metadata("PrivateKey", "private-key",
                  token("-----BEGIN RSA ", "PRIVATE KEY-----\\nMIIEowIBAAKCAQEA\\n-----END RSA PRIVATE KEY-----")),
      in_metadata("Jwt", "jwt", jwt),
      in_metadata("BearerJwtIsAJwt", "jwt", "Bearer " + jwt),
      in_metadata("GitHubToken", "provider-token", token("ghp", "_") + letters.substr(0, 36)),
      in_metadata("GitLabToken", "provider-token", token("glpat", "-") + letters.substr(0, 20)),
      in_metadata("SlackToken", "provider-token", token("xoxb", "-123456789012-") + letters.substr(0, 24)),
      in_metadata("AwsKey", "provider-token", token("AKIA", "IOSFODNN7EXAMPL2")),
      in_metadata("GoogleKey", "provider-token", token("AIza", "Sy") + letters.substr(0, 33)),
      in_metadata("StripeKey", "provider-token", token("sk_live", "_") + letters.substr(0, 24)),
      in_metadata("StripeTestKey", "provider-token", token("sk_test", "_") + letters.substr(0, 24)),
      in_metadata("GoogleClientSecret", "provider-token", token("GOCSPX", "-") + letters.substr(0, 28)),
      in_metadata("HuggingFaceToken", "provider-token", token("hf", "_") + letters.substr(0, 34)),
      in_metadata("OpenAiKey", "provider-token", token("sk", "-") + letters.substr(0, 48)),
      in_metadata("SendGridKey", "provider-token",
                  token("SG", ".") + letters.substr(0, 22) + "." + letters.substr(0, 43)),
      in_metadata("BearerToken", "bearer-token", "Bearer " + letters.substr(0, 24)),
      in_metadata("BearerTokenOfLettersOnly", "bearer-token", "BEARER abcdefghijklmnopqrstuvwxyz"),
      {"BearerTokenInAScreen",
       "bearer-token",
       {{welcome, "\"Weiter mit Google\"", "\"→ bearer " + letters.substr(0, 32) + "\""}},
       welcome,
       "\"→ bearer"},
      in_metadata("JwtWithoutSignature", "jwt", token("eyJhbGciOi", "Jub25lIn0.eyJzdWIiOiIxMjM0NTY3ODkwIn0.")),
      in_metadata("PuTTYKey", "private-key",
                  token("PuTTY-User-", "Key-File-3: ssh-ed25519\\nPrivate-Lines: 1\\nAAAA\\nPrivate-MAC: 0")),
      in_metadata("BasicAuthorization", "basic-authorization", token("Basic c2Vydm", "ljZTpodW50ZXIy")),
      in_metadata("BasicOfTheSpecification", "", "Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ=="),
      in_metadata("BasicOfWords", "", "basic understanding"),
      in_metadata("PasswordInAUrl", "url-credentials", "https://user:hunter2@example.com/"),
      in_metadata("PasswordInAUrlInEscapes", "url-credentials", "https:\\/\\/user:hunter2@example.com\\/"),
      in_metadata("PasswordOfAUrlFromATemplate", "", "https://user:{{form.password}}@example.com/"),
      {"InsecureRedirect",
       "insecure-url",
       {{contents, "\"https://example.com/done\"", "\"http://example.com/done\""}},
       contents,
       "\"http://example.com/done\""},
      {"InsecureConnectorArgument",
       "insecure-url",
       {{contents, "\"/contacts\"", "\"http://crm.example.com/contacts\""}},
       contents,
       "\"http://crm"},

      in_metadata("ShortKey", "", key.substr(0, 27)),
      in_metadata("ScreenId", "", "SC2wWTjqqQ7nlkC1eSi1flgNzw5ua"),
      in_metadata("KeyInsideAWord", "", "SK2wWTjqqQ7nlkC1eSi1flgNzw5uaX"),
      in_metadata("KeyInsideAPicture", "",
                  "data:image/png;base64," + letters + letters + "+" + letters + "/" + key + "/" + letters + letters),
      in_metadata("ThreePartsWithoutAlg", "", "eyJhIjoxfQ.eyJzdWIiOiIxMjM0NTY3ODkwIn0.dozjgNryP4J3jVmNHl0w5N"),
      in_metadata("BearerOfATemplate", "", "Bearer {{connectors.login.body.token}}"),
      in_metadata("BearerOfWords", "", "bearer authentication-is-required-here"),
      in_metadata("AssetName", "", "asset:value-0073c90b4b4bc9e7a5a92e0e56cc4ab71da4af18f9ea5c81bad2b68783b5c43e.txt"),
      {"LoopbackRedirect", "", {{contents, "\"https://example.com/done\"", "\"http://127.0.0.1:3000/done\""}}, "", ""},
      {"LocalhostRedirect", "", {{contents, "\"https://example.com/done\"", "\"http://localhost/done\""}}, "", ""},
      {"TemplateRedirect", "", {{contents, "\"https://example.com/done\"", "\"http://{{form.host}}/done\""}}, "", ""},
      {"XmlNamespace",
       "",
       {{contents, "\"/contacts\"", "\"<a xmlns:s=\\\"http://schemas.xmlsoap.org/soap\\\"/>\""}},
       "",
       ""},
      {"LinkInAScreen", "", {{welcome, "\"Weiter mit Google\"", "\"http://example.com\""}}, "", ""},
  };
}

}  // namespace flowship::check
