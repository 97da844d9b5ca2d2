#include "json/number.hpp"

#include <algorithm>

namespace flowship::json {

namespace {

/// An integer of any size, so that no exponent overflows.
struct Big {
  bool negative = false;
  /// Most significant first, without leading zeros; empty for zero.
  std::string digits;
};

std::string without_leading_zeros(std::string_view digits) {
  const std::size_t first = digits.find_first_not_of('0');
  return first == std::string_view::npos ? std::string() : std::string(digits.substr(first));
}

bool less(const std::string& a, const std::string& b) { return a.size() != b.size() ? a.size() < b.size() : a < b; }

std::string sum(const std::string& a, const std::string& b) {
  std::string result;
  int carry = 0;
  for (std::size_t at = 0; at < std::max(a.size(), b.size()) || carry != 0; ++at) {
    const int left = at < a.size() ? a[a.size() - 1 - at] - '0' : 0;
    const int right = at < b.size() ? b[b.size() - 1 - at] - '0' : 0;
    const int digit = left + right + carry;
    result += static_cast<char>('0' + digit % 10);
    carry = digit / 10;
  }
  std::reverse(result.begin(), result.end());
  return result;
}

/// `a` minus `b`; `b` is not larger.
std::string difference(const std::string& a, const std::string& b) {
  std::string result;
  int borrow = 0;
  for (std::size_t at = 0; at < a.size(); ++at) {
    const int right = at < b.size() ? b[b.size() - 1 - at] - '0' : 0;
    int digit = a[a.size() - 1 - at] - '0' - right - borrow;
    borrow = digit < 0 ? 1 : 0;
    if (digit < 0) digit += 10;
    result += static_cast<char>('0' + digit);
  }
  std::reverse(result.begin(), result.end());
  return without_leading_zeros(result);
}

Big plus(const Big& a, long long b) {
  const Big other{.negative = b < 0, .digits = without_leading_zeros(std::to_string(b < 0 ? -b : b))};
  if (a.negative == other.negative) return {.negative = a.negative, .digits = sum(a.digits, other.digits)};
  if (less(a.digits, other.digits)) {
    return {.negative = other.negative, .digits = difference(other.digits, a.digits)};
  }
  return {.negative = a.negative, .digits = difference(a.digits, other.digits)};
}

}  // namespace

std::string normal_number(std::string_view text) {
  const bool negative = text.starts_with('-');
  if (negative) text.remove_prefix(1);
  Big exponent;
  if (const std::size_t e = text.find_first_of("eE"); e != std::string_view::npos) {
    std::string_view power = text.substr(e + 1);
    exponent.negative = power.starts_with('-');
    if (power.starts_with('-') || power.starts_with('+')) power.remove_prefix(1);
    exponent.digits = without_leading_zeros(power);
    text = text.substr(0, e);
  }
  std::string digits(text);
  long long shift = 0;
  if (const std::size_t point = digits.find('.'); point != std::string::npos) {
    shift = -static_cast<long long>(digits.size() - point - 1);
    digits.erase(point, 1);
  }
  digits = without_leading_zeros(digits);
  if (digits.empty()) return "0";
  const std::size_t last = digits.find_last_not_of('0');
  shift += static_cast<long long>(digits.size() - last - 1);
  digits.resize(last + 1);
  exponent = plus(exponent, shift);
  std::string result = (negative ? "-" : "") + digits;
  if (!exponent.digits.empty()) result += std::string("e") + (exponent.negative ? "-" : "") + exponent.digits;
  return result;
}

}  // namespace flowship::json
