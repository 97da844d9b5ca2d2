#pragma once

#include <cstddef>
#include <ostream>
#include <string>
#include <string_view>
#include <utility>

namespace flowship {

/// The variable that holds the management key unless the operator names another.
inline constexpr const char* kKeyVariable = "DESCOPE_MANAGEMENT_KEY";

/// Whether `text` has the form of Descope's management keys: `K2` and many letters and digits, in one word.
bool has_form_of_key(std::string_view text);

/// The next text of that form anywhere in `text`, also behind letters, from `from` on: where it begins, `npos` if there
/// is none, and its length.
struct KeyForm {
  std::size_t begin = std::string_view::npos;
  std::size_t length = 0;
};
KeyForm find_form_of_key(std::string_view text, std::size_t from = 0);

/// A text that must never be shown: it prints as `***`. Call `reveal()` only where it is sent. Its memory is wiped when
/// it is destroyed, moved from or assigned to.
class Secret {
 public:
  Secret() = default;
  explicit Secret(std::string text);
  Secret(const Secret&) = default;
  Secret(Secret&& other) noexcept;
  Secret& operator=(const Secret& other);
  Secret& operator=(Secret&& other) noexcept;
  ~Secret();

  const std::string& reveal() const { return text_; }
  bool empty() const { return text_.empty(); }

 private:
  std::string text_;
};

inline std::ostream& operator<<(std::ostream& out, const Secret&) { return out << "***"; }

/// Keeps this process's memory from other processes of its user, and from core files.
void protect_memory();

}  // namespace flowship
