#include "net/system_authorities.hpp"

#include <openssl/x509.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>

namespace flowship::net {

namespace {

bool exists(const std::string& path) {
  std::error_code ignored;
  return std::filesystem::exists(path, ignored);
}

}  // namespace

std::string authorities_among(const std::vector<std::string>& known, const std::vector<std::string>& found_anyway) {
  if (std::ranges::any_of(found_anyway, exists)) return "";
  const auto found = std::ranges::find_if(known, exists);
  return found == known.end() ? "" : *found;
}

std::string system_authorities() {
  if (std::getenv(X509_get_default_cert_file_env()) != nullptr) return "";
  if (std::getenv(X509_get_default_cert_dir_env()) != nullptr) return "";
  // The same places as in Go's crypto/x509 (root_linux.go).
  static const std::vector<std::string> known{
      "/etc/ssl/certs/ca-certificates.crt",                 // Debian, Ubuntu, Arch, NixOS
      "/etc/pki/tls/certs/ca-bundle.crt",                   // Fedora, RHEL
      "/etc/ssl/ca-bundle.pem",                             // openSUSE
      "/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem",  // newer Fedora and RHEL
      "/etc/ssl/cert.pem",                                  // Alpine
  };
  return authorities_among(known, {X509_get_default_cert_file(), X509_get_default_cert_dir()});
}

}  // namespace flowship::net
