// The five stations as a loop in C++, for comparison: a binary heap of events, two queues a station, hashed luck.
//
//   five_stations <minutes> <seed> <file> <arrivals per minute> <urgent share> <stations>
//                 then for each station: units, mean minutes, first share, share that goes on to each station
//
// Prints CPU seconds and the number of contacts; writes the contacts that started to the file, row after row.

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <deque>
#include <vector>

namespace {

struct Station {
    int units;
    double mean;
    std::vector<double> onward;  // cumulative shares; what is left goes home
    std::deque<std::uint32_t> waiting[2];  // rows of contacts: the urgent, the others
};

struct Contact {
    double request, start, end;
    std::uint32_t episode;
    std::uint16_t station, visit;
};

struct Event {
    double time;
    std::uint32_t row;
    bool operator<(const Event& other) const { return time > other.time; }  // the earliest on top
};

constexpr std::uint64_t GAMMA = 0x9E3779B97F4A7C15ULL;
constexpr std::uint32_t ARRIVAL = 0xFFFFFFFFU;
constexpr double UNIT = 1.0 / 4294967296.0;

// Finaliser of splitmix64 (Steele, Lea & Flood 2014).
inline std::uint64_t mix(std::uint64_t w) {
    w = (w ^ (w >> 30)) * 0xBF58476D1CE4E5B9ULL;
    w = (w ^ (w >> 27)) * 0x94D049BB133111EBULL;
    return w ^ (w >> 31);
}

inline double high(std::uint64_t w) { return (static_cast<double>(w >> 32) + 0.5) * UNIT; }
inline double low(std::uint64_t w) { return (static_cast<double>(w & 0xFFFFFFFFU) + 0.5) * UNIT; }

std::size_t pick(const std::vector<double>& cumulative, double u) {
    std::size_t k = 0;
    while (k < cumulative.size() && u >= cumulative[k]) ++k;
    return k;
}

class Run {
public:
    Run(double end, std::uint64_t seed, double rate, double urgent) :
        end_(end), seed_(mix(seed)), rate_(rate), urgent_(urgent) {}

    std::vector<Station> stations;
    std::vector<double> first;
    std::vector<Contact> contacts;

    void go() {
        push(gap(0), ARRIVAL);
        while (!heap_.empty()) {
            const Event event = heap_.front();
            if (event.time >= end_) return;
            std::pop_heap(heap_.begin(), heap_.end());
            heap_.pop_back();
            if (event.row == ARRIVAL) arrive(event.time); else finish(event.row, event.time);
        }
    }

    bool is_urgent(std::uint32_t episode) const { return low(mix(key(episode) + 1)) < urgent_; }

private:
    double end_;
    std::uint64_t seed_;
    double rate_, urgent_;
    std::vector<Event> heap_;
    std::uint32_t episodes_ = 0;

    std::uint64_t key(std::uint32_t episode) const { return mix(seed_ + GAMMA * (episode + 1ULL)); }
    double gap(std::uint32_t episode) const { return -std::log(high(mix(key(episode) + 2))) / rate_; }

    void push(double time, std::uint32_t row) {
        heap_.push_back({time, row});
        std::push_heap(heap_.begin(), heap_.end());
    }

    void arrive(double now) {
        const std::uint32_t episode = episodes_++;
        const std::size_t station = pick(first, high(mix(key(episode) + 1)));
        push(now + gap(episodes_), ARRIVAL);
        ask(episode, station, 1, now);
    }

    void ask(std::uint32_t episode, std::size_t station, int visit, double now) {
        const auto row = static_cast<std::uint32_t>(contacts.size());
        contacts.push_back({now, -1, -1, episode, static_cast<std::uint16_t>(station),
                            static_cast<std::uint16_t>(visit)});
        if (stations[station].units > 0) {
            --stations[station].units;
            start(row, now);
        } else {
            stations[station].waiting[is_urgent(episode) ? 0 : 1].push_back(row);
        }
    }

    std::uint64_t course(const Contact& contact) const {
        return mix(key(contact.episode) ^ mix((contact.station + 3ULL) * GAMMA + contact.visit));
    }

    void start(std::uint32_t row, double now) {
        Contact& contact = contacts[row];
        contact.start = now;
        push(now - std::log(high(course(contact))) * stations[contact.station].mean, row);
    }

    void finish(std::uint32_t row, double now) {
        contacts[row].end = now;
        const Contact contact = contacts[row];
        Station& station = stations[contact.station];
        auto& queue = station.waiting[station.waiting[0].empty() ? 1 : 0];
        if (queue.empty()) {
            ++station.units;
        } else {
            const std::uint32_t next = queue.front();
            queue.pop_front();
            start(next, now);
        }
        const std::size_t onward = pick(station.onward, low(course(contact)));
        if (onward < stations.size()) ask(contact.episode, onward, contact.visit + 1, now);
    }
};

bool write(const Run& run, const char* name) {
    std::FILE* file = std::fopen(name, "wb");
    if (file == nullptr) return false;
    for (const Contact& contact : run.contacts) {
        if (contact.start < 0) continue;
        const double urgent = run.is_urgent(contact.episode) ? 1 : 0;
        const double row[4] = {static_cast<double>(contact.station), urgent, contact.request, contact.start};
        std::fwrite(row, sizeof row, 1, file);
    }
    return std::fclose(file) == 0;
}

}  // namespace

int main(int count, char** words) {
    if (count < 7) return 2;
    Run run(std::atof(words[1]), std::strtoull(words[2], nullptr, 10), std::atof(words[4]), std::atof(words[5]));
    const int size = std::atoi(words[6]);
    if (count != 7 + size * (3 + size)) return 2;
    char** next = words + 7;
    double arrived = 0;
    for (int k = 0; k < size; ++k) {
        Station station{std::atoi(next[0]), std::atof(next[1]), {}, {}};
        run.first.push_back(arrived += std::atof(next[2]));
        double gone = 0;
        for (int j = 0; j < size; ++j) station.onward.push_back(gone += std::atof(next[3 + j]));
        run.stations.push_back(station);
        next += 3 + size;
    }
    const std::clock_t begun = std::clock();
    run.go();
    const double seconds = static_cast<double>(std::clock() - begun) / CLOCKS_PER_SEC;
    std::printf("%.6f %zu\n", seconds, run.contacts.size());
    return write(run, words[3]) ? 0 : 1;
}
