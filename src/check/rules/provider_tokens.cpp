#include "check/rules/provider_tokens.hpp"

#include "check/rules/letters.hpp"
#include "check/rules/marks.hpp"

#include <algorithm>

namespace flowship::check {

namespace {

/// A token that a provider marks with a prefix, followed by `least` to `most` letters.
struct Provider {
  std::string_view what;
  std::string_view prefix;
  std::uint8_t letters;
  std::size_t least;
  std::size_t most;
};

constexpr std::size_t kAny = static_cast<std::size_t>(-1);

// To add one: a row here, and a good and a bad sample in tests/check/rules/provider_tokens_test.cpp.
constexpr Provider kProviders[] = {
    {"a GitHub token", "ghp_", kAlnum, 36, kAny},
    {"a GitHub token", "gho_", kAlnum, 36, kAny},
    {"a GitHub token", "ghu_", kAlnum, 36, kAny},
    {"a GitHub token", "ghs_", kAlnum, 36, kAny},
    {"a GitHub token", "ghr_", kAlnum, 36, kAny},
    {"a GitHub token", "github_pat_", kWord, 50, kAny},
    {"a GitLab token", "glpat-", kToken, 20, kAny},
    {"a GitLab trigger token", "glptt-", kToken, 20, kAny},
    {"a GitLab deploy token", "gldt-", kToken, 20, kAny},
    {"a GitLab runner token", "glrt-", kToken, 20, kAny},
    {"a GitLab runner token", "glrtr-", kToken, 20, kAny},
    {"a GitLab runner token", "GR1348941", kWord, 20, kAny},
    {"a GitLab job token", "glcbt-", kToken, 20, kAny},
    {"a GitLab feed token", "glft-", kToken, 20, kAny},
    {"a GitLab mail token", "glimt-", kToken, 20, kAny},
    {"a GitLab agent token", "glagent-", kToken, 20, kAny},
    {"a GitLab SCIM token", "glsoat-", kToken, 20, kAny},
    {"a GitLab OAuth secret", "gloas-", kToken, 20, kAny},
    {"a GitLab feature flag token", "glffct-", kToken, 20, kAny},
    {"a Slack token", "xoxb-", kWord, 20, kAny},
    {"a Slack token", "xoxp-", kWord, 20, kAny},
    {"a Slack token", "xoxa-", kWord, 20, kAny},
    {"a Slack token", "xoxr-", kWord, 20, kAny},
    {"a Slack token", "xoxs-", kWord, 20, kAny},
    {"a Slack token", "xoxc-", kWord, 20, kAny},
    {"a Slack token", "xoxd-", kWord, 20, kAny},
    {"a Slack token", "xoxo-", kWord, 20, kAny},
    {"a Slack token", "xoxe-", kWord, 20, kAny},
    {"a Slack token", "xoxe.xox", kWord, 20, kAny},
    {"a Slack token", "xapp-", kWord, 20, kAny},
    {"an AWS access key", "AKIA", kUpper, 16, 16},
    {"an AWS access key", "ABIA", kUpper, 16, 16},
    {"an AWS access key", "ASIA", kUpper, 16, 16},
    {"a Google API key", "AIza", kWord, 35, 35},
    {"a Google access token", "ya29.", kWord, 20, kAny},
    {"a Google client secret", "GOCSPX-", kWord, 28, 28},
    {"a Stripe key", "sk_live_", kAlnum, 16, kAny},
    {"a Stripe key", "sk_test_", kAlnum, 16, kAny},
    {"a Stripe key", "rk_live_", kAlnum, 16, kAny},
    {"a Stripe key", "rk_test_", kAlnum, 16, kAny},
    {"a webhook secret", "whsec_", kBase64, 24, kAny},
    {"a Hugging Face token", "hf_", kAlnum, 34, kAny},
    {"an OpenAI key", "sk-", kAlnum, 40, kAny},
    {"an OpenAI key", "sk-proj-", kWord, 40, kAny},
    {"an OpenAI key", "sk-svcacct-", kWord, 40, kAny},
    {"an OpenAI key", "sk-admin-", kWord, 40, kAny},
    {"an Anthropic key", "sk-ant-", kWord, 40, kAny},
    {"a PyPI token", "pypi-", kWord, 50, kAny},
    {"an npm token", "npm_", kAlnum, 36, 36},
    {"a RubyGems key", "rubygems_", kHex, 48, 48},
    {"a Docker token", "dckr_pat_", kWord, 27, kAny},
    {"a Docker token", "dckr_oat_", kWord, 27, kAny},
    {"a Shopify token", "shpat_", kHex, 32, 32},
    {"a Shopify token", "shpca_", kHex, 32, 32},
    {"a Shopify token", "shppa_", kHex, 32, 32},
    {"a Shopify secret", "shpss_", kHex, 32, 32},
    {"a DigitalOcean token", "dop_v1_", kHex, 64, 64},
    {"a DigitalOcean token", "doo_v1_", kHex, 64, 64},
    {"a DigitalOcean token", "dor_v1_", kHex, 64, 64},
    {"a Heroku key", "HRKU-", kWord, 30, kAny},
    {"a Databricks token", "dapi", kHex, 32, 32},
    {"a New Relic key", "NRAK-", kUpper, 27, 27},
    {"a New Relic key", "NRII-", kWord, 32, kAny},
    {"a New Relic key", "NRRA-", kHex, 42, 42},
    {"a Grafana token", "glc_", kBase64, 32, kAny},
    {"a Grafana token", "glsa_", kWord, 41, kAny},
    {"a Grafana key", "eyJrIjoi", kBase64, 60, 150},
    {"a Vault token", "hvs.", kWord, 24, kAny},
    {"a Vault token", "hvb.", kWord, 24, kAny},
    {"a Vault token", "hvr.", kWord, 24, kAny},
    {"a Linear key", "lin_api_", kAlnum, 40, 40},
    {"a Linear token", "lin_oauth_", kHex, 64, 64},
    {"a Notion token", "ntn_", kAlnum, 40, kAny},
    {"a Notion token", "secret_", kAlnum, 43, 43},
    {"a Figma token", "figd_", kWord, 40, kAny},
    {"a Postman key", "PMAK-", kWord, 59, 59},
    {"a Pulumi token", "pul-", kHex, 40, 40},
    {"a PlanetScale token", "pscale_tkn_", kToken, 32, kAny},
    {"a PlanetScale token", "pscale_oauth_", kToken, 32, kAny},
    {"a PlanetScale password", "pscale_pw_", kToken, 32, kAny},
    {"a Doppler token", "dp.pt.", kToken, 40, kAny},
    {"a Doppler token", "dp.st.", kToken, 40, kAny},
    {"a Doppler token", "dp.ct.", kToken, 40, kAny},
    {"a Doppler token", "dp.sa.", kToken, 40, kAny},
    {"a Doppler token", "dp.scim.", kToken, 40, kAny},
    {"a Doppler token", "dp.audit.", kToken, 40, kAny},
    {"an Atlassian token", "ATATT3", kWord, 60, kAny},
    {"an Atlassian token", "ATCTT3", kWord, 60, kAny},
    {"a Bitbucket password", "ATBB", kAlnum, 32, 32},
    {"a Square token", "sq0atp-", kWord, 22, 22},
    {"a Square secret", "sq0csp-", kWord, 43, 43},
    {"a Square token", "EAAAE", kWord, 59, 59},
    {"a Twilio key", "SK", kHex, 32, 32},
    {"a Brevo key", "xkeysib-", kWord, 64, kAny},
    {"a Brevo key", "xsmtpsib-", kWord, 64, kAny},
    {"a Mailgun key", "key-", kHex, 32, 32},
    {"a Discord token", "mfa.", kWord, 80, kAny},
    {"an age key", "AGE-SECRET-KEY-1", kUpper, 58, 58},
    {"a 1Password token", "ops_eyJ", kBase64, 100, kAny},
    {"a 1Password key", "A3-", kUpperDash, 32, 40},
    {"a Supabase token", "sbp_", kHex, 40, 40},
    {"a Supabase key", "sb_secret_", kWord, 30, kAny},
    {"a Cloudflare token", "cfut_", kAlnum, 40, kAny},
    {"a Cloudflare token", "cfat_", kAlnum, 40, kAny},
    {"a Cloudflare key", "cfk_", kAlnum, 40, kAny},
    {"a Cloudflare key", "v1.0-", kWord, 171, 171},
    {"a Fly token", "fm1r_", kBase64, 60, kAny},
    {"a Fly token", "fm1a_", kBase64, 60, kAny},
    {"a Fly token", "fm2_", kBase64, 60, kAny},
    {"a Fly token", "fo1_", kWord, 43, kAny},
};

/// How documented examples end. Without their prefix, so that no scanner alarms here.
constexpr std::string_view kExamples[] = {
    "4eC39HqLyjWDarjtT1zdp7dc",
    "BQokikJOvBiI2HlWgH4olfQ2",
    "16C7e42F292c6912E7710c838347Ae178B4a",
    "SyDaGmWKa4JsXZ-HjGw7ISLn_3namBGewQe",
};

std::size_t length_by(const Provider& provider, std::string_view text, std::size_t begin) {
  if (!text.substr(begin).starts_with(provider.prefix)) return 0;
  std::size_t end = begin + provider.prefix.size();
  const std::size_t first = end;
  const std::size_t last = provider.most == kAny ? text.size() : std::min(text.size(), first + provider.most + 1);
  while (end < last && is(text[end], provider.letters)) ++end;
  // If the length is fixed, a longer word is something else.
  const bool goes_on = provider.most != kAny && end < text.size() && is(text[end], kAlnum);
  const std::size_t length = end - first;
  return length < provider.least || length > provider.most || goes_on ? 0 : end - begin;
}

std::size_t sendgrid_length(std::string_view text, std::size_t begin) {
  constexpr std::size_t kLength = 3 + 22 + 1 + 43;
  const std::string_view key = text.substr(begin, kLength);
  if (key.size() < kLength || !key.starts_with("SG.") || key[25] != '.') return 0;
  for (std::size_t index = 3; index < kLength; ++index) {
    if (index != 25 && !is(key[index], kWord)) return 0;
  }
  const bool goes_on = begin + kLength < text.size() && is(text[begin + kLength], kWord);
  return goes_on ? 0 : kLength;
}

/// A bot's token: its id in base64, which begins with these letters, then a time and a signature.
std::size_t discord_length(std::string_view text, std::size_t begin) {
  constexpr std::size_t kMost = 100;
  const std::string_view token = text.substr(begin, kMost);
  const std::size_t first = run_of(token, 0, kWord);
  if (first < 24 || first > 28 || token.substr(first, 1) != ".") return 0;
  const std::size_t second = run_of(token, first + 1, kWord);
  if (second != 6 || token.substr(first + 7, 1) != ".") return 0;
  const std::size_t third = run_of(token, first + 8, kWord);
  return third < 27 || third > 40 ? 0 : first + 8 + third;
}

/// A token that is known by a mark inside it: `least_before` letters, the mark, `least_after` letters.
struct Marked {
  std::string_view what;
  Mark mark;
  std::size_t least_before;
  std::size_t most_before;
  std::uint8_t letters;
  std::size_t least_after;
  std::size_t most_after;
};

constexpr Marked kMarked[] = {
    {"a Terraform token", Mark(".atlasv1."), 14, 14, kWord, 60, 80},
    {"an Azure client secret", Mark("Q~"), 4, 4, kBearer, 31, 34},
    {"an Azure storage key", Mark("AccountKey="), 0, 0, kBearer | kBase64, 80, 100},
    {"a Slack webhook", Mark("hooks.slack.com/services/"), 0, 0, kBase64, 40, 100},
    {"a Slack webhook", Mark("hooks.slack.com/workflows/"), 0, 0, kBase64, 40, 120},
    {"a Discord webhook", Mark("discord.com/api/webhooks/"), 0, 0, kWord | kBase64, 70, 120},
};

}  // namespace

Secret provider_token_at(std::string_view text, std::size_t at) {
  const char first = text[at];
  if (first == 'S') {
    if (const std::size_t length = sendgrid_length(text, at)) return {"provider-token", "a SendGrid key", at, length};
  }
  if (first == 'M' || first == 'N' || first == 'O') {
    if (const std::size_t length = discord_length(text, at)) return {"provider-token", "a Discord token", at, length};
  }
  for (const Provider& provider : kProviders) {
    if (provider.prefix.front() != first) continue;
    const std::size_t length = length_by(provider, text, at);
    if (length == 0) continue;
    const std::string_view token = text.substr(at, length);
    if (is_documented_example(token) || is_prose(token.substr(provider.prefix.size()))) continue;
    return {"provider-token", provider.what, at, length};
  }
  return {};
}

std::vector<Secret> find_marked_tokens(std::string_view text) {
  std::vector<Secret> found;
  for (const Marked& marked : kMarked) {
    for (std::size_t at = marked.mark.find_in(text); at != std::string_view::npos;
         at = marked.mark.find_in(text, at + 1)) {
      std::size_t begin = at;
      while (begin > 0 && at - begin < marked.most_before && is(text[begin - 1], marked.letters)) --begin;
      const std::size_t after = at + marked.mark.size();
      const std::size_t length = run_of(text.substr(after, marked.most_after + 1), 0, marked.letters);
      if (at - begin < marked.least_before || length < marked.least_after || length > marked.most_after) continue;
      // Of an address, what follows it is the secret.
      if (marked.most_before == 0) begin = after;
      if (is_documented_example(text.substr(begin, after + length - begin))) continue;
      found.push_back({"provider-token", marked.what, begin, after + length - begin});
    }
  }
  return found;
}

bool is_documented_example(std::string_view token) {
  // Nor is a longer one searched again for each prefix inside it.
  constexpr std::size_t kLongestExample = 256;
  if (token.size() > kLongestExample) return false;
  if (token.find("EXAMPLE") != std::string_view::npos || token.find("XXXXXXXX") != std::string_view::npos ||
      token.find("xxxxxxxx") != std::string_view::npos) {
    return true;
  }
  return std::any_of(std::begin(kExamples), std::end(kExamples),
                     [&](std::string_view example) { return token.ends_with(example); });
}

bool is_prose(std::string_view word) {
  const auto number_in = [&](char first, char last) {
    return static_cast<std::size_t>(
        std::count_if(word.begin(), word.end(), [&](char letter) { return letter >= first && letter <= last; }));
  };
  // Random letters have more capitals, and most often digits.
  const std::size_t capitals = number_in('A', 'Z');
  return capitals >= 2 && capitals * 3 <= word.size() && capitals + number_in('a', 'z') == word.size();
}

}  // namespace flowship::check
