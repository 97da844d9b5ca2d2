#pragma once

#include "deploy/ledger/record.hpp"
#include "flow/model/flow.hpp"
#include "git/repository.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace flowship::deploy {

/// What a kept export has in place of a secret: this, and 64 hexadecimal digits.
inline constexpr std::string_view kDigestMark = "flowship:digest:hmac-sha256:";

/// An export as `before/` and `after/` keep it: its secrets are digests.
class KeptExport {
 public:
  /// `salt` is the record's; `name` is for errors.
  KeptExport(std::string text, std::string salt, std::string name)
      : text_(std::move(text)), salt_(std::move(salt)), name_(std::move(name)) {}

  /// Whether it is not what the service held, because secrets are missing.
  bool has_digests() const;
  /// The flow. A digest is replaced by the value that it is the digest of, where one of `texts` has that value: JSON
  /// texts of the same flow, as it is live or was sent. So what changed in the meantime stays a digest, and differs.
  flow::Flow flow(const std::vector<std::string>& texts = {}) const;

 private:
  std::string text_;
  std::string salt_;
  std::string name_;
};

/// A salt for a record that has none yet.
void add_digest_salt(Record& record);

/// Writes an export's text as the ledger keeps it. The record must have a salt.
git::ObjectId write_kept(const git::Repository& repository, std::string_view text, const Record& record);

/// The JSON text with the values that are secret, by their form or by their member's name, replaced by digests. The
/// same value always has the same digest under one salt. Takes linear time.
std::string with_secrets_digested(std::string_view text, std::string_view salt);

bool has_digests(std::string_view text);
/// For showing: each digest becomes what is shown of any other secret.
std::string with_digests_masked(std::string_view text);

/// Throws where a flow that is about to be sent or written (`doing`) has a digest for a secret.
void refuse_digests(const flow::Flow& flow, const std::string& doing);

}  // namespace flowship::deploy
