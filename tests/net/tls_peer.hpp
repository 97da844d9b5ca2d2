#pragma once

#include "net/certificates.hpp"
#include "net/raw_peer.hpp"

#include <openssl/ssl.h>

#include <functional>
#include <memory>
#include <string>

namespace flowship::net::test {

/// The server's side of TLS over a raw connection, every byte of which the test decides. Plain blocking OpenSSL, so
/// that nothing of what is tested is on both sides.
class TlsConnection {
 public:
  TlsConnection(
      RawConnection raw, const CertificateFiles& files,
      const std::function<void(SSL_CTX*)>& configure = [](SSL_CTX*) {})
      : raw_(std::move(raw)), context_(SSL_CTX_new(TLS_server_method()), SSL_CTX_free), ssl_(nullptr, SSL_free) {
    SSL_CTX_use_certificate_file(context_.get(), files.certificate.c_str(), SSL_FILETYPE_PEM);
    SSL_CTX_use_PrivateKey_file(context_.get(), files.key.c_str(), SSL_FILETYPE_PEM);
    configure(context_.get());
    ssl_.reset(SSL_new(context_.get()));
    SSL_set_bio(ssl_.get(), BIO_new(BIO_s_mem()), BIO_new(BIO_s_mem()));
    BIO_set_mem_eof_return(SSL_get_rbio(ssl_.get()), -1);
    SSL_set_accept_state(ssl_.get());
  }

  /// How many bytes of the handshake are sent at a time.
  bool accept(std::size_t at_a_time = 1U << 20U) {
    while (true) {
      const int result = SSL_do_handshake(ssl_.get());
      if (!flush(at_a_time)) return false;
      if (result == 1) return true;
      if (SSL_get_error(ssl_.get(), result) != SSL_ERROR_WANT_READ || !fill()) return false;
    }
  }
  std::string read_until(std::string_view end) {
    std::string got;
    char piece[4096];
    while (got.find(end) == std::string::npos) {
      const int size = SSL_read(ssl_.get(), piece, sizeof piece);
      if (size > 0) {
        got.append(piece, static_cast<std::size_t>(size));
      } else if (SSL_get_error(ssl_.get(), size) != SSL_ERROR_WANT_READ || !fill()) {
        break;
      }
    }
    return got;
  }
  bool send(std::string_view bytes) {
    return SSL_write(ssl_.get(), bytes.data(), static_cast<int>(bytes.size())) > 0 && flush(1U << 20U);
  }
  /// An orderly end, with close_notify; without it when only the raw connection is finished.
  void finish() {
    SSL_shutdown(ssl_.get());
    flush(1U << 20U);
    raw_.finish();
  }
  RawConnection& raw() { return raw_; }

 private:
  bool fill() {
    pollfd waiting{raw_.fd(), POLLIN, 0};
    char piece[4096];
    if (::poll(&waiting, 1, patience_ms) != 1) return false;
    const auto size = ::recv(raw_.fd(), piece, sizeof piece, 0);
    return size > 0 && BIO_write(SSL_get_rbio(ssl_.get()), piece, static_cast<int>(size)) == size;
  }
  bool flush(std::size_t at_a_time) {
    std::string bytes(BIO_ctrl_pending(SSL_get_wbio(ssl_.get())), '\0');
    if (bytes.empty()) return true;
    BIO_read(SSL_get_wbio(ssl_.get()), bytes.data(), static_cast<int>(bytes.size()));
    for (std::size_t at = 0; at < bytes.size(); at += at_a_time) {
      if (!raw_.send(std::string_view(bytes).substr(at, at_a_time))) return false;
    }
    return true;
  }

  RawConnection raw_;
  std::unique_ptr<SSL_CTX, decltype(&SSL_CTX_free)> context_;
  std::unique_ptr<SSL, decltype(&SSL_free)> ssl_;
};

}  // namespace flowship::net::test
