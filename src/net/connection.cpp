#include "net/connection.hpp"

#include "net/answer_writer.hpp"

#include <array>
#include <poll.h>

namespace flowship::net {

namespace {

// How long a closing connection goes on reading, so that the peer sees the answer rather than a reset.
constexpr std::chrono::milliseconds drain_limit{1000};
constexpr int reads_a_turn = 16;

}  // namespace

Connection::Connection(Stream stream, std::string peer, const ServerOptions& options, Ticks now)
    : stream_(std::move(stream)),
      peer_(std::move(peer)),
      options_(options),
      reader_(options.largest_header, options.largest_body),
      state_(stream_.secured() ? State::handshake : State::reading),
      deadline_(now + options.header_limit),
      since_(now) {}

short Connection::events() const {
  if (state_ == State::handling || state_ == State::closed) {
    return 0;
  }
  return wants_ == Io::wants_write ? POLLOUT : POLLIN;
}

void Connection::progress(Ticks now) {
  eager_ = false;
  if (state_ == State::handshake) {
    shake_hands(now);
  }
  if (state_ == State::writing) {
    write(now);
  } else if (state_ == State::reading) {
    read(now);
  } else if (state_ == State::draining) {
    drain();
  }
}

void Connection::shake_hands(Ticks now) {
  const Io io = stream_.handshake();
  if (io == Io::done) {
    state_ = State::reading;
    since_ = now;
  } else if (io == Io::wants_read || io == Io::wants_write) {
    wants_ = io;
  } else {
    close();
  }
}

void Connection::read(Ticks now) {
  std::array<char, 16384> piece;
  for (int turn = 0; turn < reads_a_turn && state_ == State::reading; ++turn) {
    std::size_t taken = 0;
    const Io io = stream_.read(piece.data(), piece.size(), taken);
    if (io == Io::wants_read || io == Io::wants_write) {
      wants_ = io;
      return;
    }
    if (io != Io::done) {
      // Also with half a request: it is never taken for a whole one.
      close();
      return;
    }
    const auto before = reader_.state();
    reader_.feed({piece.data(), taken});
    settle(before, now);
  }
  eager_ = state_ == State::reading;
}

void Connection::settle(RequestReader::State before, Ticks now) {
  using Reading = RequestReader::State;
  const auto after = reader_.state();
  if (after == Reading::refused) {
    answer(refusal_bytes(reader_.status()), true, now);
  } else if (after == Reading::complete) {
    state_ = State::handling;
    deadline_ = Ticks::max();
  } else if (after == Reading::header && before != after) {
    deadline_ = now + options_.header_limit;
  } else if (after == Reading::body && before != after) {
    deadline_ = now + options_.body_limit;
    if (reader_.take_expectation()) {
      interim_ = true;
      out_ = "HTTP/1.1 100 Continue\r\n\r\n";
      sent_ = 0;
      state_ = State::writing;
      write(now);
    }
  }
}

void Connection::answer(std::string bytes, bool close, Ticks now) {
  out_ = std::move(bytes);
  sent_ = 0;
  interim_ = false;
  close_after_ = close;
  state_ = State::writing;
  deadline_ = now + options_.body_limit;
  write(now);
}

void Connection::write(Ticks now) {
  while (sent_ < out_.size()) {
    std::size_t taken = 0;
    const Io io = stream_.write(std::string_view(out_).substr(sent_), taken);
    if (io == Io::wants_read || io == Io::wants_write) {
      wants_ = io;
      return;
    }
    if (io != Io::done) {
      close();
      return;
    }
    sent_ += taken;
  }
  out_ = std::string();
  wants_ = Io::wants_read;
  if (interim_) {
    interim_ = false;
    state_ = State::reading;
    eager_ = true;
    return;
  }
  if (close_after_) {
    stream_.finish_writing();
    state_ = State::draining;
    deadline_ = now + drain_limit;
    return;
  }
  state_ = State::reading;
  since_ = now;
  deadline_ = now + options_.idle_limit;
  reader_.next();
  settle(RequestReader::State::idle, now);
  eager_ = eager_ || state_ == State::reading;
}

void Connection::drain() {
  std::array<char, 16384> piece;
  for (int turn = 0; turn < reads_a_turn; ++turn) {
    std::size_t taken = 0;
    const Io io = stream_.read(piece.data(), piece.size(), taken);
    if (io == Io::wants_read || io == Io::wants_write) {
      wants_ = io;
      return;
    }
    if (io != Io::done) {
      close();
      return;
    }
  }
  eager_ = true;
}

void Connection::give_up(int status, Ticks now) {
  reader_ = RequestReader(options_.largest_header, options_.largest_body);
  answer(refusal_bytes(status), true, now);
}

void Connection::expire(Ticks now) {
  const bool begun = state_ == State::reading && !idle();
  if (begun) {
    answer(refusal_bytes(408), true, now);
  } else {
    close();
  }
}

}  // namespace flowship::net
