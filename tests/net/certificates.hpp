#pragma once

#include <memory>
#include <string>

struct evp_pkey_st;
struct x509_st;

namespace flowship::net::test {

/// What a certificate of the test's own says.
struct Claims {
  /// As OpenSSL writes them: `DNS:api.example`, `IP:127.0.0.1`, several with commas.
  std::string names;
  /// From now on; negative when it has expired.
  long valid_seconds = 3600;
  long valid_since_seconds = -3600;
  std::string common_name = "server";
};

/// PEM files of a certificate and its key.
struct CertificateFiles {
  std::string certificate;
  std::string key;
};

/// A certificate authority that lives, with all its files, as long as the test.
class CertificateAuthority {
 public:
  explicit CertificateAuthority(const std::string& name = "authority");
  CertificateAuthority(const CertificateAuthority&) = delete;
  CertificateAuthority& operator=(const CertificateAuthority&) = delete;
  ~CertificateAuthority();

  /// The authority's own certificate, to trust.
  const std::string& file() const { return file_; }
  CertificateFiles issue(const Claims& claims);
  CertificateFiles self_signed(const Claims& claims);

 private:
  using Key = std::shared_ptr<evp_pkey_st>;
  using Certificate = std::shared_ptr<x509_st>;
  CertificateFiles write(const Certificate& certificate, const Key& key);

  std::string directory_;
  int count_ = 0;
  Key key_;
  Certificate certificate_;
  std::string file_;
};

}  // namespace flowship::net::test
